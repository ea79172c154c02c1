//! The signature beside a manifest, and the keys for it, in the formats of minisign. The same key and manifest always
//! give the same signature: neither time nor chance is in it.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use blake2::{Blake2b512, Digest as _};
use ct_codecs::{Base64, Decoder as _, Encoder as _};
use minisign::{KeyPair, PublicKey, PublicKeyBox, SecretKey, SecretKeyBox, SignatureBox};
use serde::Serialize;

use crate::diagnostic::Say;
use crate::error::Error;
use crate::say;
use crate::write::manifest::{MANIFEST, SIGNATURE};

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

/// Writes the signature of a folder, in one step. Its path.
///
/// # Errors
/// When it cannot be written.
pub fn write(folder: &Path, text: &str) -> Result<PathBuf, Error> {
    let path = folder.join(SIGNATURE);
    let new = folder.join(format!("{SIGNATURE}.new"));
    create(&new, text, Readers::All)
        .and_then(|()| fs::rename(&new, &path).map_err(|error| Error::io(&path, error)))?;
    Ok(path)
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
/// `path` with `.pub`, which is returned.
///
/// # Errors
/// When one of the files is there, or cannot be written.
pub fn new_keys(path: &Path) -> Result<PathBuf, Error> {
    let mut public = path.as_os_str().to_owned();
    public.push(".pub");
    let public = PathBuf::from(public);
    for path in [path, &public] {
        if fs::symlink_metadata(path).is_ok() {
            let say = say!(
                "已经有了，不覆盖密钥；换一个名字",
                "is there already, and a key is never overwritten; choose another name"
            );
            return Err(Error::refused(path, say));
        }
    }
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
    let open = pk.to_box().map_err(failed)?;
    create(path, secret.map_err(failed)?.to_string(), Readers::Owner)?;
    create(&public, open.to_string(), Readers::All)?;
    Ok(public)
}

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Readers {
    All,
    Owner,
}

/// Writes a file that must not be there yet.
fn create(path: &Path, text: impl AsRef<[u8]>, readers: Readers) -> Result<(), Error> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if readers == Readers::Owner {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    #[cfg(not(unix))]
    let _ = readers;
    let mut file = options.open(path).map_err(|error| Error::io(path, error))?;
    file.write_all(text.as_ref())
        .map_err(|error| Error::io(path, error))
}
