"""Doors of competitors."""

from flask import Blueprint

competitors = Blueprint("competitors", __name__)
