/* personal: the hash is HMAC-SHA-256 of the local part in lower case, of which 96 bits are written. */
#include "report/personal.h"

#include "base/digest.h"

#include <string.h>

enum { HASH_TEXT = 16 /* characters of 6 bits */ };

/* The alphabet of URLs (RFC 4648 s. 5): all of it may stand in a local part unquoted. */
static void
write_hash(char to[HASH_TEXT], const unsigned char digest[SHA256_BYTES])
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	uint32_t bits;
	size_t i;

	for (i = 0; i < HASH_TEXT / 4; i++) {
		bits = (uint32_t)digest[i * 3] << 16 | (uint32_t)digest[i * 3 + 1] << 8 | digest[i * 3 + 2];
		to[i * 4] = letters[bits >> 18];
		to[i * 4 + 1] = letters[bits >> 12 & 63];
		to[i * 4 + 2] = letters[bits >> 6 & 63];
		to[i * 4 + 3] = letters[bits & 63];
	}
}

/* The hash of a local part, with what stands behind it. */
static struct str
hashed(const struct personal *personal, struct str local, struct str behind, struct arena *arena)
{
	unsigned char digest[SHA256_BYTES];
	char *to = arena_alloc(arena, HASH_TEXT + behind.len + local.len + 1),
	     *lower = to + HASH_TEXT + behind.len;

	memcpy(lower, local.data, local.len);
	text_lower_all(lower, local.len);
	hmac_sha256(digest, personal->key, sizeof personal->key, lower, local.len);
	write_hash(to, digest);
	if (behind.len > 0)
		memcpy(to + HASH_TEXT, behind.data, behind.len);
	return (struct str){to, HASH_TEXT + behind.len};
}

struct str
personal_address(const struct personal *personal, struct str address, struct arena *arena)
{
	const char *at;
	size_t local;

	if (address.len == 0)
		return address;
	at = memrchr(address.data, '@', address.len);
	local = at == NULL ? address.len : (size_t)(at - address.data);
	if (local == 0)
		return address;
	return hashed(personal, (struct str){address.data, local},
	    (struct str){address.data + local, address.len - local}, arena);
}

static void
add(char *to, size_t *len, struct str text)
{
	if (text.len > 0)
		memcpy(to + *len, text.data, text.len);
	*len += text.len;
}

static struct str
hashed_whole(const struct personal *personal, struct str name, struct arena *arena)
{
	return hashed(personal, name, (struct str){NULL, 0}, arena);
}

/* "part 2" and the like, which this program wrote. */
static bool
is_step(struct str name)
{
	static const char *const words[] = {"part ", "mail ", "message ", "document "};
	uint64_t number;
	size_t i, len;

	for (i = 0; i < sizeof words / sizeof *words; i++) {
		len = strlen(words[i]);
		if (name.len > len && memcmp(name.data, words[i], len) == 0 &&
		    text_u64(&number, name.data + len, name.len - len))
			return true;
	}
	return false;
}

static bool
may_tell(struct str name)
{
	return name.len > 0 && !is_step(name) &&
	       (memchr(name.data, ' ', name.len) != NULL || memchr(name.data, '@', name.len) != NULL);
}

/* The length of the first name of a place. */
static size_t
name_len(struct str place)
{
	size_t len = 0;

	while (
	    len < place.len && (place.data[len] != ':' || len + 1 == place.len || place.data[len + 1] != ' '))
		len++;
	return len;
}

struct str
personal_place(const struct personal *personal, struct str place, struct arena *arena)
{
	char *to = arena_alloc(arena, (place.len / 3 + 1) * (HASH_TEXT + 2) + place.len);
	struct str name;
	size_t len = 0;

	if (place.data == NULL)
		return place;
	while (place.len > 0) {
		name = (struct str){place.data, name_len(place)};
		place.data += name.len;
		place.len -= name.len;
		add(to, &len, may_tell(name) ? hashed_whole(personal, name, arena) : name);
		name = (struct str){place.data, place.len < 2 ? place.len : 2};
		add(to, &len, name);
		place.data += name.len;
		place.len -= name.len;
	}
	return (struct str){to, len};
}

/* What a local part may consist of (RFC 5322 s. 3.2.3, RFC 6531), and what people write into one. */
static bool
is_local(char c)
{
	return (c > ' ' && strchr("<>()[]\\,;:@\"", c) == NULL && c != 127) || (unsigned char)c >= 0x80;
}

/* Where the local part in front of an @ begins; at: there is none. */
static size_t
local_start(struct str text, size_t from, size_t at)
{
	size_t start = at;

	if (start > from && text.data[start - 1] == '"') {
		for (start--; start > from && text.data[start - 1] != '"'; start--)
			continue;
		return start > from ? start - 1 : start;
	}
	while (start > from && is_local(text.data[start - 1]))
		start--;
	return start;
}

struct str
personal_text(const struct personal *personal, struct str text, struct arena *arena)
{
	size_t at, start, from = 0, len = 0, addresses = 0;
	char *to;

	for (at = 0; at < text.len; at++)
		addresses += text.data[at] == '@';
	if (addresses == 0)
		return text;
	to = arena_alloc(arena, text.len + addresses * HASH_TEXT);
	for (at = 0; at < text.len; at++) {
		if (text.data[at] != '@')
			continue;
		start = local_start(text, from, at);
		add(to, &len, (struct str){text.data + from, start - from});
		if (start < at)
			add(to, &len,
			    hashed(personal, (struct str){text.data + start, at - start},
				(struct str){NULL, 0}, arena));
		add(to, &len, (struct str){"@", 1});
		from = at + 1;
	}
	add(to, &len, (struct str){text.data + from, text.len - from});
	return (struct str){to, len};
}

struct str
personal_uri(const struct personal *personal, struct str uri, struct arena *arena)
{
	const char *colon = uri.len == 0 ? NULL : memchr(uri.data, ':', uri.len), *end, *user;
	struct str host, scheme, kept;
	char *to;

	if (colon == NULL || (size_t)(colon - uri.data) + 3 > uri.len || memcmp(colon, "://", 3) != 0) {
		if (colon == NULL || !text_same_nocase(uri.data, (size_t)(colon - uri.data), "mailto"))
			return uri.len == 0 ? uri : hashed_whole(personal, uri, arena);
		end = memchr(uri.data, '?', uri.len);
		return personal_text(personal,
		    (struct str){uri.data, end == NULL ? uri.len : (size_t)(end - uri.data)}, arena);
	}
	scheme = (struct str){uri.data, (size_t)(colon - uri.data) + 3};
	host = (struct str){uri.data + scheme.len, 0};
	while (scheme.len + host.len < uri.len && strchr("/?#", host.data[host.len]) == NULL)
		host.len++;
	user = host.len == 0 ? NULL : memrchr(host.data, '@', host.len);
	kept = user == NULL ? host : (struct str){user + 1, host.len - (size_t)(user - host.data) - 1};
	to = arena_alloc(arena, scheme.len + kept.len + 1);
	memcpy(to, scheme.data, scheme.len);
	memcpy(to + scheme.len, kept.data, kept.len);
	return (struct str){to, scheme.len + kept.len};
}

static struct str
strip_text(const struct personal *personal, const struct failure_text *text, struct arena *arena)
{
	if (text->list == FAILURE_RCPT_TO)
		return personal_address(personal, text->text, arena);
	if (text->list == FAILURE_REPORTED_URI)
		return personal_uri(personal, text->text, arena);
	return personal_text(personal, text->text, arena);
}

/* Without the lists that hold header and body. */
static void
strip_texts(const struct personal *personal, struct failure *failure, struct arena *arena)
{
	struct failure_text **at = &failure->texts;

	while (*at != NULL) {
		if ((*at)->list == FAILURE_DKIM_HEADER || (*at)->list == FAILURE_DKIM_BODY) {
			*at = (*at)->next;
			continue;
		}
		(*at)->text = strip_text(personal, *at, arena);
		at = &(*at)->next;
	}
}

void
personal_strip(const struct personal *personal, struct failure *failure, struct arena *arena)
{
	struct failure_result *result;
	int i;

	failure->field[FAILURE_SUBJECT] = str_of(NULL);
	for (i = 0; i < FAILURE_FIELDS; i++)
		if (i == FAILURE_MAIL_FROM || i == FAILURE_FROM)
			failure->field[i] = personal_address(personal, failure->field[i], arena);
		else
			failure->field[i] = personal_text(personal, failure->field[i], arena);
	failure->domain = personal_text(personal, failure->domain, arena);
	failure->ip_text = personal_text(personal, failure->ip_text, arena);
	strip_texts(personal, failure, arena);
	for (result = failure->results; result != NULL; result = result->next) {
		result->result = personal_text(personal, result->result, arena);
		result->reason = personal_text(personal, result->reason, arena);
		result->selector = personal_text(personal, result->selector, arena);
		result->identity = personal_address(personal, result->identity, arena);
	}
}

static void
digest_text(struct sha256 *digest, struct str text)
{
	uint64_t len = text.data == NULL ? UINT64_MAX : text.len;

	sha256_add(digest, &len, sizeof len);
	if (text.len > 0)
		sha256_add(digest, text.data, text.len);
}

int64_t
personal_digest(const struct personal *personal, const struct failure *failure)
{
	const uint64_t numbers[] = {(uint64_t)failure->form, (uint64_t)failure->arrived, failure->has_arrived,
	    failure->port, failure->incidents};
	unsigned char out[SHA256_BYTES];
	const struct failure_result *result;
	const struct failure_text *text;
	struct sha256 *digest = sha256_begin();
	uint64_t value;
	int i;

	sha256_add(digest, personal->key, sizeof personal->key);
	sha256_add(digest, numbers, sizeof numbers);
	for (i = 0; i < FAILURE_FIELDS; i++)
		digest_text(digest, failure->field[i]);
	digest_text(digest, failure->ip_text);
	for (text = failure->texts; text != NULL; text = text->next)
		digest_text(digest, text->text);
	for (result = failure->results; result != NULL; result = result->next) {
		digest_text(digest, result->method);
		digest_text(digest, result->result);
		digest_text(digest, result->identity);
	}
	digest_text(digest, failure->carrier);
	sha256_end(digest, out);
	memcpy(&value, out, sizeof value);
	return (int64_t)(value >> 1);
}
