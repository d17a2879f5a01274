//! Writes the inputs to begin with to `corpus/`, a folder for each target.

use std::{fs, io, path::Path};

fn main() -> io::Result<()> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (target, name, input) in pointsman_fuzz::seeds::all(&own.join("..")) {
        let folder = own.join("corpus").join(target);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(name), input)?;
    }
    Ok(())
}
