"""`python app.py` brings the database up to date, then serves p2p."""

from p2p import create_app
from p2p.cli import serve

app = create_app()

if __name__ == "__main__":
    serve(app)
