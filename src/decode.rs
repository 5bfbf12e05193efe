//! Bytes and headers to text, as browsers decide it.
