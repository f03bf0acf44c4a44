/* digest: SHA-256 for what must be proved, a keyed fast hash for tables in memory and indexes. */
#ifndef DMARCQ_BASE_DIGEST_H
#define DMARCQ_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

enum { SHA256_BYTES = 32, SHA256_TEXT = 65 };

/* SHA-256 (FIPS 180-4) of len bytes. */
void sha256(unsigned char out[SHA256_BYTES], const void *bytes, size_t len);
/* The same, piece by piece: sha256_begin, any number of sha256_add, sha256_end (which frees). */
struct sha256;
struct sha256 *sha256_begin(void);
void sha256_add(struct sha256 *digest, const void *bytes, size_t len);
void sha256_end(struct sha256 *digest, unsigned char out[SHA256_BYTES]);
/* Lower-case hexadecimal with a NUL. */
void sha256_text(char out[SHA256_TEXT], const unsigned char digest[SHA256_BYTES]);

/* HMAC-SHA-256 (RFC 2104) of len bytes under a key. */
void hmac_sha256(
    unsigned char out[SHA256_BYTES], const void *key, size_t key_len, const void *bytes, size_t len);

/* 128 and 64 bits of a fast hash under a seed. Not a proof: where a collision would miscount, compare the
 * bytes. */
struct hash128 {
	uint64_t low, high;
};
struct hash128 hash128(const void *bytes, size_t len, uint64_t seed);
uint64_t hash64(const void *bytes, size_t len, uint64_t seed);
/* 64 random bits from the system, so that nobody outside can foresee a seed. */
uint64_t random64(void);

#endif
