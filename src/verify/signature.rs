//! The signature beside a manifest, and the keys for it, in the formats of minisign. The same key and manifest always
//! give the same signature: neither time nor chance is in it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use blake2::{Blake2b512, Digest as _};
use ct_codecs::{Base64, Decoder as _, Encoder as _};
use minisign::{KeyPair, PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};
use serde::Serialize;

use crate::diagnostic::Say;
use crate::error::Error;
use crate::held::{EVERYBODY, Folder, OWNER};
use crate::lay::{Beside, Over, beside};
use crate::say;
use crate::write::manifest::{MANIFEST, SIGNATURE};
use crate::write::named::{self, Around};

/// Where the parts of a secret key stand in its bytes; the file format of minisign.
const ENCRYPTION: std::ops::Range<usize> = 2..4;
const KEY: std::ops::Range<usize> = 62..126;
const CHECKSUM: std::ops::Range<usize> = 126..158;

/// A signature over the digest of a file, in the file format of minisign.
const PREHASHED: &[u8] = b"ED";

/// The bytes of a signature alone.
const BYTES: usize = 64;

/// Larger files are no keys and no signatures.
const LARGEST: u64 = 16 * 1024;

/// What a signature says to a public key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The owner of the key has signed this manifest.
    Good,
    /// There is none.
    Missing,
    /// It is no signature of minisign.
    Malformed,
    /// It was made with another key.
    Other,
    /// It does not fit: the manifest or the signature has been changed.
    Bad,
}

/// Checks the signature of a manifest with a public key.
///
/// # Errors
/// When the signature cannot be read.
pub fn check(folder: &Path, manifest: &[u8], key: &PublicKey) -> Result<Verdict, Error> {
    let path = folder.join(SIGNATURE);
    let text = match fs::symlink_metadata(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Verdict::Missing),
        Err(error) => return Err(Error::io(&path, error)),
        Ok(found) if !found.is_file() || found.len() > LARGEST => return Ok(Verdict::Malformed),
        Ok(_) => fs::read(&path).map_err(|error| Error::io(&path, error))?,
    };
    Ok(verdict(&String::from_utf8_lossy(&text), manifest, key))
}

fn verdict(text: &str, manifest: &[u8], key: &PublicKey) -> Verdict {
    let last = text.lines().nth(3).unwrap_or_default().trim();
    if Base64::decode_to_vec(last, None).is_ok_and(|bytes| bytes.len() != BYTES) {
        return Verdict::Malformed;
    }
    let Ok(signature) = SignatureBox::from_string(text) else {
        return Verdict::Malformed;
    };
    if signature.keynum() != key.keynum() {
        return Verdict::Other;
    }
    let manifest = io::Cursor::new(manifest);
    match minisign::verify(key, &signature, manifest, true, false, false) {
        Ok(()) => Verdict::Good,
        Err(_) => Verdict::Bad,
    }
}

/// Signs a manifest. The signature as the text of its file.
///
/// # Errors
/// When the key does not fit together, with `path` as the file it came from.
pub fn sign(manifest: &[u8], key: &SecretKey, path: &Path) -> Result<String, Error> {
    let damaged = || {
        let say = say!(
            "密钥损坏，签出的名对不上；换用备份，或用 gongkai sign --new-key 新建一对",
            "the key is damaged, what it signs does not hold; use its copy, or make new ones with gongkai sign --new-key"
        );
        Error::refused(path, say)
    };
    let secret =
        ed25519_compact::SecretKey::from_slice(&key.to_bytes()[KEY]).map_err(|_| damaged())?;
    let signature = *secret.sign(Blake2b512::digest(manifest), None);
    let comment = format!("{MANIFEST} of gongkai");
    let whole = *secret.sign([&signature[..], comment.as_bytes()].concat(), None);
    let first = [PREHASHED, key.keynum(), &signature].concat();
    let (first, whole) = (base64(&first), base64(&whole));
    let text = format!(
        "untrusted comment: signature of {MANIFEST}\n{first}\ntrusted comment: {comment}\n{whole}\n"
    );
    let public = PublicKey::from_secret_key(key).map_err(|_| damaged())?;
    match verdict(&text, manifest, &public) {
        Verdict::Good => Ok(text),
        _ => Err(damaged()),
    }
}

fn base64(bytes: &[u8]) -> String {
    Base64::encode_to_string(bytes).expect("a signature is short")
}

/// Removes what signing that was cut short has left in a folder.
pub fn sweep(folder: &Path) {
    if let Ok(folder) = Folder::open(folder) {
        // It is found when the folder is verified otherwise.
        let _ = beside::sweep(&folder, &beside::beside(SIGNATURE.as_ref()));
    }
}

/// Writes the signature of a folder, in one step. Its path. A folder whose manifest is not the one that was signed any
/// more is left without.
///
/// # Errors
/// When it cannot be written, or another site has come in the place of the one that was signed.
pub fn write(folder: &Path, text: &str, manifest: &[u8]) -> Result<PathBuf, Error> {
    let path = put(folder, text)?;
    // A build on another machine, or one that keeps nothing, is not kept out by a lock.
    let open = Folder::open(folder).map_err(|error| Error::io(folder, error))?;
    if open.read(MANIFEST, manifest.len() as u64).ok().as_deref() == Some(manifest) {
        return Ok(path);
    }
    let own = open.read(SIGNATURE, LARGEST).ok();
    if own.as_deref() == Some(text.as_bytes()) {
        open.remove(SIGNATURE)
            .map_err(|error| Error::io(&path, error))?;
    }
    Err(Error::refused(
        folder,
        say!(
            "签名的时候换上了新的一版，没有签名；再签一次",
            "a new version took its place while it was signed, so it has no signature; sign again"
        ),
    ))
}

fn put(folder: &Path, text: &str) -> Result<PathBuf, Error> {
    let path = folder.join(SIGNATURE);
    let open = || Folder::open(folder).map_err(|error| Error::io(folder, error));
    // Beside the folder, so that it holds nothing but the site whenever this is cut short.
    if let Some((above, name)) = above(folder) {
        let called = format!("{name}.{SIGNATURE}");
        let new = Beside::from(
            above,
            called.as_ref(),
            open()?,
            SIGNATURE.as_ref(),
            EVERYBODY,
        );
        let written = new.and_then(|new| {
            new.write(text.as_bytes())?;
            new.put(Over::Replace)
        });
        if written.is_ok() {
            return Ok(path);
        }
    }
    // That may be on another file system, or closed to us.
    let new = Beside::new(open()?, SIGNATURE.as_ref())?;
    new.write(text.as_bytes())?;
    new.put(Over::Replace)?;
    Ok(path)
}

/// The folder that a folder is in, and its name there.
fn above(folder: &Path) -> Option<(Folder, String)> {
    let real = fs::canonicalize(folder).ok()?;
    let above = Folder::open(real.parent()?).ok()?;
    Some((above, real.file_name()?.to_str()?.to_owned()))
}

/// Reads a public key.
///
/// # Errors
/// When the file cannot be read, or is no public key of minisign.
pub fn public_key(path: &Path) -> Result<PublicKey, Error> {
    let key = PublicKeyBox::from(text_of(path)?).into_public_key();
    key.map_err(|_| {
        let say = say!(
            "不是 minisign 的公钥；写发布者公布的那个文件，通常以 .pub 结尾",
            "is no public key of minisign; name the file that the publisher gives out, mostly one that ends in .pub"
        );
        Error::refused(path, say)
    })
}

/// Reads a secret key; `password` is asked only for one that is encrypted, and gives `None` where there is nobody to
/// type it.
///
/// # Errors
/// When the file cannot be read, is no secret key of minisign, or the password is not there or not the right one.
pub fn secret_key(
    path: &Path,
    password: impl FnOnce() -> Option<String>,
) -> Result<SecretKey, Error> {
    let refused = |say| Error::refused(path, say);
    let no_key = || {
        refused(say!(
            "不是 minisign 的私钥；写用 gongkai sign --new-key 或 minisign -G 新建的私钥文件",
            "is no secret key of minisign; name the file made with gongkai sign --new-key or minisign -G"
        ))
    };
    let text = text_of(path)?;
    let bytes = Base64::decode_to_vec(text.lines().nth(1).unwrap_or_default(), None);
    let bytes = bytes.map_err(|_| no_key())?;
    let encrypted = bytes.get(ENCRYPTION).ok_or_else(no_key)? != [0, 0];
    let sealed = SecretKeyBox::from(text);
    if !encrypted {
        // minisign -W leaves the checksum out; `sign` looks whether such a key fits together.
        let unsummed = bytes.get(CHECKSUM) == Some(&[0; 32][..]);
        let key = if unsummed {
            SecretKey::from_bytes(&bytes)
        } else {
            sealed.into_unencrypted_secret_key()
        };
        return key.map_err(|_| no_key());
    }
    let password = password().ok_or_else(|| {
        refused(say!(
            "这个私钥有密码，这里没有终端可以输入；在终端里运行，或给机器另用一个没有密码的（gongkai sign --new-key）",
            "this secret key has a password, and there is no terminal to type it; run this in a terminal, or use a key without one for machines (gongkai sign --new-key)"
        ))
    })?;
    sealed.into_secret_key(Some(password)).map_err(|_| {
        refused(say!(
            "密码不对，或者私钥损坏；再试一次",
            "the password is wrong or the secret key damaged; try again"
        ))
    })
}

fn text_of(path: &Path) -> Result<String, Error> {
    let found = fs::metadata(path).map_err(|error| Error::io(path, error))?;
    if !found.is_file() || found.len() > LARGEST {
        let say = say!(
            "不是密钥文件；写密钥文件的路径",
            "is no key file; name the file of the key"
        );
        return Err(Error::refused(path, say));
    }
    let bytes = fs::read(path).map_err(|error| Error::io(path, error))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Makes a pair of keys without a password: the secret one in `path`, readable by its owner only, the public one in
/// `path` with `.pub`, which is returned. Neither goes among the sources of the site at `root`, where it would be published.
///
/// # Errors
/// When one of the files is there, or cannot be written; then neither is.
pub fn new_keys(path: &Path, root: &Path) -> Result<PathBuf, Error> {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    let public = PathBuf::from(public);
    if take_up(path, &public) {
        return Ok(public);
    }
    for path in [path, &public] {
        if fs::symlink_metadata(path).is_ok() {
            let say = say!(
                "已经有了，不覆盖密钥；换一个名字",
                "is there already, and a key is never overwritten; choose another name"
            );
            return Err(Error::refused(path, say));
        }
    }
    let roots: &[&Path] = if root.join("site.toml").is_file() {
        &[root]
    } else {
        &[]
    };
    let around = Around {
        roots,
        output: None,
    };
    let secret_place = named::check(path, around, named::NEW)?;
    let public_place = named::check(&public, around, named::NEW)?;
    let failed = |error: minisign::PError| {
        let error = error.to_string();
        let say = Say {
            zh: format!("不能新建密钥（{error}）"),
            en: format!("no keys could be made ({error})"),
        };
        Error::refused(path, say)
    };
    let KeyPair { pk, sk } = KeyPair::generate_unencrypted_keypair().map_err(failed)?;
    let secret = sk.to_box(Some("secret key of gongkai, not encrypted"));
    let secret = secret.map_err(failed)?.to_string();
    let open = pk.to_box().map_err(failed)?.to_string();
    let (above, name) = named::parts(&secret_place)?;
    let new_secret = Beside::with_mode(above, name, OWNER)?;
    new_secret.write(secret.as_bytes())?;
    new_secret.settle()?;
    let new_public = named::beside(&public_place)?;
    new_public.write(open.as_bytes())?;
    // The secret one last, for without it there are no keys; see `take_up`.
    new_public.put(Over::Keep)?;
    if let Err(error) = new_secret.put(Over::Keep) {
        // The first failure is the one to tell.
        let _ = fs::remove_file(&public_place);
        return Err(error);
    }
    Ok(public)
}

/// Puts the secret key in its place when that was cut short after the public one was there.
fn take_up(path: &Path, public: &Path) -> bool {
    let place = || {
        let name = path.file_name()?;
        let above = std::path::absolute(path).ok()?;
        let above = Folder::open(above.parent()?).ok()?;
        let new = beside::beside(name);
        let waits = above.see(name).ok()?.is_none() && above.see(&new).ok()?.is_some();
        if !waits {
            return None;
        }
        let key = secret_key(&above.at(&new), || None).ok()?;
        let open = PublicKey::from_secret_key(&key).ok()?.to_box().ok()?;
        let same = open.to_string() == text_of(public).ok()?;
        same.then(|| above.place(&new, &above, name).ok()).flatten()
    };
    place().is_some()
}
