//! The `wasm-bindgen` command, at the version that the crate's own `wasm-bindgen` dependency needs.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    Ok(wasm_bindgen_cli::wasm_bindgen::run_cli_with_args(std::env::args_os())?)
}
