"""The yardsticks: the smallest Flask route that stores one row durably, and one that stores nothing."""

from __future__ import annotations

import os
import sys

import sqlalchemy as sa
from flask import Flask, request
from sqlalchemy import event

TABLE = sa.Table("row", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("body", sa.Text))


def create() -> Flask:
    """`POST /bare` does one durable Core insert; `POST /hello` nothing."""
    engine = sa.create_engine(os.environ["BARE_DATABASE"])

    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def connect(connection, _record) -> None:  # type: ignore[no-untyped-def]
            connection.execute("PRAGMA busy_timeout=5000")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")

    TABLE.metadata.create_all(engine)
    app = Flask("bare")

    @app.post("/bare")
    def bare() -> tuple[str, int]:
        with engine.begin() as connection:
            connection.execute(TABLE.insert().values(body=request.get_data(as_text=True)))
        return "stored", 201

    @app.post("/hello")
    def hello() -> tuple[str, int]:
        request.get_data()
        return "hello", 201

    return app


def serve(application: str, port: int, processes: int = 1) -> None:
    """Serve a yardstick as the service is served."""
    from granian import Granian
    from granian.constants import Interfaces

    Granian(
        application,
        port=port,
        workers=processes,
        interface=Interfaces.WSGI,
        blocking_threads=512,
        factory=True,
        log_enabled=False,
    ).serve()


if __name__ == "__main__":
    serve("benchmarks.bare:create", int(sys.argv[1]), int(sys.argv[2]))
