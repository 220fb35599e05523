"""Processes as records run through them: the checklist of stages and steps, its plan, and the way out of a stage."""
