"""Doors of activities."""

from flask import Blueprint

activities = Blueprint("activities", __name__)
