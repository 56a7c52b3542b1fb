"""HTTP as everything that answers needs it."""
