"""Doors of opportunities."""

from flask import Blueprint

opportunities = Blueprint("opportunities", __name__)
