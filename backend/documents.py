"""The OpenAPI document and the page that reads it, from local files only."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version

from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, ScalarRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag

TAGS = {
    "accounts": "Sign-in, sessions and the signed-in person",
    "regions": "Administrative areas",
    "enterprises": "Enterprises, major hazards, tanks and detectors",
    "monitoring": "Points, limits, trends and gateways",
    "alarms": "Alarm episodes",
    "commitments": "The daily safety commitment",
    "permits": "Reports of special operations",
    "risk": "Scores and their explanations",
    "notifications": "Web push",
    "live": "The stream of events",
    "health": "For supervisors",
}


def product_version() -> str:
    """The installed version, or that of a source tree."""
    try:
        return version("anlan")
    except PackageNotFoundError:
        return "0.1.0"


def openapi_config() -> OpenAPIConfig:
    """OpenAPI 3.1 at /api/openapi.json, readable at /api/docs without the outside world."""
    return OpenAPIConfig(
        title="Anlan",
        version=product_version(),
        description="Risk monitoring and early warning for hazardous-chemicals enterprises.",
        path="/api",
        use_handler_docstrings=True,
        tags=[Tag(name=name, description=words) for name, words in TAGS.items()],
        security=[{"cookie": []}, {"bearer": []}],
        components=Components(
            security_schemes={
                "cookie": SecurityScheme(type="apiKey", name="anlan_access", security_scheme_in="cookie"),
                "bearer": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
            }
        ),
        render_plugins=[
            JsonRenderPlugin(path="/openapi.json"),
            ScalarRenderPlugin(
                path="/docs",
                js_url="/assets/scalar/standalone.js",
                css_url="/assets/scalar/style.css",
                favicon='<link rel="icon" href="data:,">',
                options={
                    "withDefaultFonts": False,
                    "telemetry": False,
                    "showDeveloperTools": "never",
                    "agent": {"disabled": True},
                    "mcp": {"disabled": True},
                    "hideClientButton": True,
                },
            ),
        ],
    )
