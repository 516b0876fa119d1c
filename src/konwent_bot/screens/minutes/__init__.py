"""Minutes on screens: written and sent out by whoever keeps them, read and answered by the institutions."""
