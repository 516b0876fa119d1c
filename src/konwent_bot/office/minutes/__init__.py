"""Minutes of meetings: drafted from what happened, written, sent out, answered, accepted."""
