"""Doors of prospects and customers."""

from flask import Blueprint

prospects = Blueprint("prospects", __name__)
customers = Blueprint("customers", __name__)
