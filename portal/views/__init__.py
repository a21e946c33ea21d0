"""Pages of everybody and the frame of the workbench."""
