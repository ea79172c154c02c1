//! gongkai (公开): a static site generator for public budget disclosure.

pub mod model;
