"""Doors of setup."""

from flask import Blueprint

setup = Blueprint("setup", __name__)
