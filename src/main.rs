//! The `gongkai` program.

/// Pages are made of many small pieces; this allocator makes a build a quarter faster.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    gongkai::cli::run()
}
