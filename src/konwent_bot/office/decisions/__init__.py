"""Decisions: from a proposal through consensus to a ballot (KSR White Book §1.3.7; R6)."""
