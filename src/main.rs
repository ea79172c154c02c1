//! The `gongkai` program.

fn main() -> std::process::ExitCode {
    gongkai::cli::run()
}
