"""What each process of the server starts: the service, loaded quickly."""

from fastapi import FastAPI

from app.loading import loading


def served() -> FastAPI:
    with loading():
        from app.main import served as made  # noqa: PLC0415 - loaded here
    return made()
