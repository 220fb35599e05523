"""Doors of contacts."""

from flask import Blueprint

contacts = Blueprint("contacts", __name__)
