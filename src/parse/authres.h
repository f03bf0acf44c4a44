/*
 * authres: the value of an Authentication-Results field (RFC 8601 s. 2.2) taken apart. Pure: it says what
 * stands there, not whether it is to be believed (RFC 8601 s. 5 is up to whoever knows where the field
 * stood).
 */
#ifndef DMARCQ_PARSE_AUTHRES_H
#define DMARCQ_PARSE_AUTHRES_H

#include "base/arena.h"

#include <stdbool.h>

/* What is read of one field; the rest is left out and noted. Real ones have a dozen results in 2 KB. */
enum {
	AUTHRES_BYTES = 16384,
	AUTHRES_RESULTS = 100,    /* receivers check a few signatures; a mail may carry any number */
	AUTHRES_PROPERTIES = 200, /* of all results together */
};

/* "header.d=example.com": type "header", name "d", value "example.com". */
struct authres_property {
	struct authres_property *next;
	struct str type;  /* lower case; missing: "action=none", which some write */
	struct str name;  /* lower case */
	struct str value; /* without quotes; empty: "smtp.mailfrom=" */
};

/* dkim/1=pass reason="good" header.d=example.com */
struct authres_result {
	struct authres_result *next;
	struct str method, version; /* method in lower case; version missing: not given */
	struct str result;          /* lower case; empty: nothing behind the = */
	struct str reason;          /* missing: not given */
	bool loose; /* no semicolon in front: it may be somebody's text in the result before it */
	struct authres_property *properties;
};

struct authres {
	struct str id; /* authserv-id in lower case; missing: it begins with a result, as Microsoft's do */
	struct str version;             /* missing: not given, which means 1 */
	struct authres_result *results; /* in the order of the text */
	bool none;                      /* "; none": nothing was checked */
	bool cut;                       /* there was more than the limits above allow */
};

/*
 * Takes a field's value apart, folded or not, with comments and quoted strings. Understands what is seen: no
 * authserv-id, no semicolon between results, words that are none, no end of a comment or a string (it goes on
 * to the end of the text, so that what stands in it is never taken for a result). False: there is no result
 * in it, nor that there is none. Texts are in the arena.
 */
bool authres_parse(struct authres *authres, struct str text, struct arena *arena);

/* The value of the first property of these names in lower case; missing: there is none. */
struct str authres_property(const struct authres_result *result, const char *type, const char *name);

/*
 * The domain of an identity as properties hold it ("example.com", "@example.com", "user@example.com",
 * "<user@example.com>") in lower-case A-labels; missing: none in it.
 */
struct str authres_domain(struct str value, struct arena *arena);

#endif
