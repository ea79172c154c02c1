//! The test program: one module per command or topic.
