//! Stage 1: disk -> `Draft`, every value with its place.

pub mod config;
pub mod discover;
pub mod disk;
pub mod draft;
pub mod folder;
pub mod publisher;
