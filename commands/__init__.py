"""What the command line can do: one module for each subject, with its parsers and what they run."""
