"""The three servers: our own where no URL names another."""

from __future__ import annotations

from collections.abc import Mapping

from backend.embedded.addresses import ServiceUrls, forget_addresses, publish_addresses
from backend.embedded.broker import backend_login, broker_spec, mqtt_url
from backend.embedded.folder import DataFolder
from backend.embedded.ports import require_free
from backend.embedded.postgres import database_url, initialise, postgres_spec
from backend.embedded.programs import programs_for
from backend.embedded.spec import ProcessSpec
from backend.embedded.supervisor import Supervisor
from backend.embedded.valkey import redis_url, valkey_spec


def start_services(
    supervisor: Supervisor,
    folder: DataFolder,
    *,
    mqtt_host: str = "127.0.0.1",
    mqtt_port: int = 1883,
    given_database_url: str | None = None,
    given_redis_url: str | None = None,
    given_mqtt_url: str | None = None,
    postgres_parameters: Mapping[str, str] | None = None,
) -> ServiceUrls:
    """Start those of the three servers for which no URL is given, and say where all are.

    Raises CannotRun with a message for the console: port taken, folder damaged or of another version, no start.
    """
    forget_addresses(folder.path)
    if not given_mqtt_url:
        require_free(mqtt_host, mqtt_port, "ANLAN_MQTT_PORT")
    specs: list[ProcessSpec] = []
    if not (given_database_url and given_redis_url and given_mqtt_url):
        programs = programs_for(folder)
        if not given_database_url:
            initialise(folder, programs)
            specs.append(postgres_spec(folder, programs, postgres_parameters))
        if not given_redis_url:
            specs.append(valkey_spec(folder, programs))
        if not given_mqtt_url:
            specs.append(broker_spec(folder, programs, mqtt_host, mqtt_port))
    supervisor.start(*specs)
    urls = ServiceUrls(
        given_database_url or database_url(folder),
        given_redis_url or redis_url(folder),
        given_mqtt_url or mqtt_url(backend_login(folder.path), mqtt_host, mqtt_port),
    )
    publish_addresses(folder.path, urls)
    return urls
