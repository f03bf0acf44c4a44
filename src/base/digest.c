/* digest: the only place that knows libcrypto and xxHash. */
#include "base/digest.h"

#include "base/mem.h"

#include <openssl/evp.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/random.h>
#include <xxhash.h>

struct sha256 {
	EVP_MD_CTX *context;
};

static EVP_MD *algorithm;
static pthread_once_t algorithm_once = PTHREAD_ONCE_INIT;

/* Looking the algorithm up costs more than hashing a small report, so it is done once. */
static void
algorithm_fetch(void)
{
	algorithm = EVP_MD_fetch(NULL, "SHA256", NULL);
	if (algorithm == NULL)
		abort();
}

struct sha256 *
sha256_begin(void)
{
	struct sha256 *digest = mem_alloc(sizeof *digest);

	(void)pthread_once(&algorithm_once, algorithm_fetch);
	digest->context = EVP_MD_CTX_new();
	if (digest->context == NULL || EVP_DigestInit_ex2(digest->context, algorithm, NULL) != 1)
		abort();
	return digest;
}

void
sha256_add(struct sha256 *digest, const void *bytes, size_t len)
{
	if (EVP_DigestUpdate(digest->context, bytes, len) != 1)
		abort();
}

void
sha256_end(struct sha256 *digest, unsigned char out[SHA256_BYTES])
{
	if (EVP_DigestFinal_ex(digest->context, out, NULL) != 1)
		abort();
	EVP_MD_CTX_free(digest->context);
	free(digest);
}

void
sha256(unsigned char out[SHA256_BYTES], const void *bytes, size_t len)
{
	struct sha256 *digest = sha256_begin();

	sha256_add(digest, bytes, len);
	sha256_end(digest, out);
}

void
sha256_text(char out[SHA256_TEXT], const unsigned char digest[SHA256_BYTES])
{
	static const char hex[] = "0123456789abcdef";
	size_t i;

	for (i = 0; i < SHA256_BYTES; i++) {
		out[i * 2] = hex[digest[i] >> 4];
		out[i * 2 + 1] = hex[digest[i] & 15];
	}
	out[SHA256_BYTES * 2] = '\0';
}

void
hmac_sha256(unsigned char out[SHA256_BYTES], const void *key, size_t key_len, const void *bytes, size_t len)
{
	if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, key_len, bytes, len, out, SHA256_BYTES,
		NULL) == NULL)
		abort();
}

struct hash128
hash128(const void *bytes, size_t len, uint64_t seed)
{
	XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, len, seed);
	struct hash128 out = {hash.low64, hash.high64};

	return out;
}

uint64_t
hash64(const void *bytes, size_t len, uint64_t seed)
{
	return XXH3_64bits_withSeed(bytes, len, seed);
}

uint64_t
random64(void)
{
	uint64_t value;

	while (getrandom(&value, sizeof value, 0) != (ssize_t)sizeof value)
		continue;
	return value;
}
