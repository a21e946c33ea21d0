"""Everything that people do with training, selection and posts."""
