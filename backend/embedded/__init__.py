"""PostgreSQL, a Redis-protocol server and an MQTT broker from installed packages, and the supervisor that keeps
them and our own processes running. Everything lives in one data folder."""
