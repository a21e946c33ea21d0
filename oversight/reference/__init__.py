"""Schemes of appraisal to begin with."""
