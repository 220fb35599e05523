"""The open board while others work on it, too: what colleagues did, and taking back what oneself did."""
