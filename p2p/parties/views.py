"""Doors of parties."""

from flask import Blueprint

parties = Blueprint("parties", __name__)
