"""Pages of training, selection and posts."""
