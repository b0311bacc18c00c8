//! Looking for bytes, sixteen at a time.

/// Bytes that are looked at together: what a processor compares at once.
const TOGETHER: usize = 16;

/// The first byte that is as asked.
#[inline]
pub(crate) fn seek(bytes: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let any = |chunk: &[u8; TOGETHER]| chunk.iter().fold(false, |any, byte| any | is(*byte));
    let passed = bytes.as_chunks::<TOGETHER>().0.iter().take_while(|chunk| !any(chunk)).count() * TOGETHER;
    bytes[passed..].iter().position(|byte| is(*byte)).map(|n| passed + n)
}

/// Where a tag or a character reference may begin.
#[inline]
pub(crate) fn sign(bytes: &[u8]) -> Option<usize> {
    seek(bytes, |b| b == b'<' || b == b'&')
}

/// How many bytes from the start on are printable ASCII words with one space between them.
#[inline]
pub(crate) fn words(bytes: &[u8]) -> usize {
    let mut at = 0;
    // before the first byte as behind a space
    let mut before = b' ';
    while let Some(now) = bytes.get(at..).and_then(<[u8]>::first_chunk::<TOGETHER>) {
        let mut last = [before; TOGETHER];
        last[1..].copy_from_slice(&now[..TOGETHER - 1]);
        let odd = |n: usize| !(b' '..=b'~').contains(&now[n]) | ((now[n] == b' ') & (last[n] == b' '));
        if (0..TOGETHER).fold(false, |any, n| any | odd(n)) {
            break;
        }
        at += TOGETHER;
        before = now[TOGETHER - 1];
    }
    while let Some(byte) = bytes.get(at).filter(|b| matches!(b, b' '..=b'~') && !(**b == b' ' && before == b' ')) {
        before = *byte;
        at += 1;
    }
    // a space that no word follows is no part of it
    if before == b' ' { at.saturating_sub(1) } else { at }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn together_as_one_by_one(text in "( |[a-c]|<|&|é|\n|abcdefgh|a b c d e f g ){0,12}") {
            let bytes = text.as_bytes();
            proptest::prop_assert_eq!(sign(bytes), bytes.iter().position(|b| matches!(b, b'<' | b'&')));
            let plain = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_graphic());
            let mut want = 0;
            for (n, word) in text.split(' ').enumerate() {
                let run = word.bytes().take_while(u8::is_ascii_graphic).count();
                if run == 0 {
                    break;
                }
                want += usize::from(n > 0) + run;
                if !plain(word) {
                    break;
                }
            }
            proptest::prop_assert_eq!(words(bytes), want);
        }
    }
}
