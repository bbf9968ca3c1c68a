"""What a tenant file says that no other table has a place for."""

from sqlalchemy import JSON, Column, Table

from bot.store.columns import Key
from bot.store.tables import metadata

tenant_setting = Table(
    "tenant_setting",
    metadata,
    Column("name", Key(100), primary_key=True),
    Column("value", JSON, nullable=False),
)
