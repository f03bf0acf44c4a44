/*
 * account: URLs of mailboxes, taken apart by libcurl's URL parser. A new kind of mailbox is a line in the
 * table of schemes.
 */
#include "mailbox/account.h"

#include "base/buf.h"
#include "base/text.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

enum { URL_MAX = 4096 };

static const struct scheme {
	const char *name;
	enum account_protocol protocol;
	enum account_security security;
	uint16_t port;
} schemes[] = {
    {"imaps", ACCOUNT_IMAP, ACCOUNT_TLS, 993},
    {"imap", ACCOUNT_IMAP, ACCOUNT_STARTTLS, 143},
    {"pop3s", ACCOUNT_POP3, ACCOUNT_TLS, 995},
    {"pop3", ACCOUNT_POP3, ACCOUNT_STARTTLS, 110},
};
enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

static const struct scheme *
scheme_of(const char *text)
{
	size_t i, len;

	for (i = 0; i < SCHEMES; i++) {
		len = strlen(schemes[i].name);
		if (strlen(text) >= len + 3 && text_same_nocase(text, len, schemes[i].name) &&
		    memcmp(text + len, "://", 3) == 0)
			return &schemes[i];
	}
	return NULL;
}

bool
account_is_url(const char *text)
{
	return scheme_of(text) != NULL;
}

static enum status
wrong(struct err *err, const char *what)
{
	return err_stop(err, EXIT_CODE_USAGE, "%s", what);
}

/*
 * Users are mostly addresses, and people write them as they are: imaps://me@example.com@mail.example.com. All
 * but the last @ of the authority are encoded. False: it is too long.
 */
static bool
encode_users_at(char to[URL_MAX], const char *text)
{
	const char *authority = strstr(text, "://") + 3;
	const char *last = memrchr(authority, '@', strcspn(authority, "/?#"));
	size_t len = 0, i;

	for (i = 0; text[i] != '\0' && len + 4 < URL_MAX; i++) {
		if (text[i] == '@' && last != NULL && text + i < last) {
			memcpy(to + len, "%40", 3);
			len += 3;
		} else
			to[len++] = text[i];
	}
	to[len] = '\0';
	return text[i] == '\0';
}

/* A part of the URL as text of the arena; NULL when the URL has none. */
static const char *
part(struct arena *arena, CURLU *url, CURLUPart which)
{
	struct str copy = {NULL, 0};
	char *text = NULL;

	if (curl_url_get(url, which, &text, CURLU_URLDECODE) == CURLUE_OK && text != NULL)
		copy = arena_str(arena, (struct str){text, strlen(text) + 1});
	curl_free(text);
	return copy.data;
}

/* libcurl decodes no control characters: a name with a line end in it would be a command of the dialogue. */
static bool
is_clean(CURLU *url)
{
	static const CURLUPart parts[] = {CURLUPART_USER, CURLUPART_HOST, CURLUPART_PATH, CURLUPART_QUERY};
	char *text = NULL;
	CURLUcode code;
	size_t i;

	for (i = 0; i < sizeof parts / sizeof parts[0]; i++) {
		code = curl_url_get(url, parts[i], &text, CURLU_URLDECODE);
		curl_free(text);
		text = NULL;
		if (code == CURLUE_URLDECODE)
			return false;
	}
	return true;
}

static const char no_url[] = "not a URL: SCHEME://USER@HOST/FOLDER";
static const char no_port[] =
    "behind the : stands no port from 1 to 65535 (and a password can't stand in a URL)";

static enum status
take_port(struct account *account, CURLU *url, struct err *err)
{
	char *text = NULL;
	uint64_t port;
	bool good;

	if (curl_url_get(url, CURLUPART_PORT, &text, 0) != CURLUE_OK)
		return OK;
	good = text_u64(&port, text, strlen(text)) && port >= 1 && port <= UINT16_MAX;
	curl_free(text);
	if (!good)
		return wrong(err, "the port must be a number from 1 to 65535");
	account->port = (uint16_t)port;
	return OK;
}

static enum status
take_query(struct account *account, const char *query, struct err *err)
{
	if (query == NULL)
		return OK;
	if (strcmp(query, "insecure=1") != 0)
		return wrong(err, "behind ? only insecure=1 can stand");
	if (account->security == ACCOUNT_TLS)
		return wrong(
		    err, "insecure=1 contradicts the scheme, whose connections are always encrypted");
	account->security = ACCOUNT_CLEAR;
	return OK;
}

static enum status
take_folder(struct account *account, const char *path, struct err *err)
{
	if (path != NULL && path[0] == '/')
		path++;
	if (path == NULL || path[0] == '\0') {
		account->folder = account->protocol == ACCOUNT_IMAP ? "INBOX" : NULL;
		return OK;
	}
	if (account->protocol == ACCOUNT_POP3)
		return wrong(err, "POP3 knows no folders");
	account->folder = path;
	return OK;
}

static enum status
take_parts(struct account *account, struct arena *arena, CURLU *url, struct err *err)
{
	enum status status;

	if (part(arena, url, CURLUPART_PASSWORD) != NULL)
		return wrong(
		    err, "no password in a URL: others can see it; put it into a file (--password-file)");
	if (part(arena, url, CURLUPART_FRAGMENT) != NULL || part(arena, url, CURLUPART_OPTIONS) != NULL)
		return wrong(err, "neither # nor ; can stand in the URL of a mailbox");
	account->host = part(arena, url, CURLUPART_HOST);
	if (account->host == NULL || account->host[0] == '\0')
		return wrong(err, "there is no host in it");
	account->user = part(arena, url, CURLUPART_USER);
	if (!is_clean(url))
		return wrong(err, "there are control characters in it");
	status = take_port(account, url, err);
	if (status == OK)
		status = take_query(account, part(arena, url, CURLUPART_QUERY), err);
	if (status == OK)
		status = take_folder(account, part(arena, url, CURLUPART_PATH), err);
	return status;
}

enum status
account_from_url(struct account *account, struct arena *arena, const char *text, struct err *err)
{
	const struct scheme *scheme = scheme_of(text);
	char encoded[URL_MAX];
	enum status status;
	CURLUcode code = CURLUE_OK;
	CURLU *url;

	*account = (struct account){
	    .batch = ACCOUNT_BATCH, .timeout = ACCOUNT_TIMEOUT, .max_message = ACCOUNT_MAX_MESSAGE};
	if (scheme == NULL)
		return wrong(
		    err, "not the URL of a mailbox: it begins with imaps, imap, pop3s or pop3 and ://");
	account->protocol = scheme->protocol;
	account->security = scheme->security;
	account->port = scheme->port;
	url = curl_url();
	if (url == NULL || !encode_users_at(encoded, text) ||
	    (code = curl_url_set(url, CURLUPART_URL, encoded, 0)) != CURLUE_OK)
		status = wrong(err, code == CURLUE_BAD_PORT_NUMBER ? no_port : no_url);
	else
		status = take_parts(account, arena, url, err);
	curl_url_cleanup(url);
	if (status == OK)
		account_name_url(account, arena);
	return status;
}

/* Unreserved characters and those that folders of people often hold; everything else percent-encoded. */
static void
add_encoded(struct buf *to, const char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char code[3] = {'%'};

	for (; *text != '\0'; text++) {
		if ((*text >= 'a' && *text <= 'z') || (*text >= 'A' && *text <= 'Z') ||
		    text_is_digit(*text) || strchr("-._~/+", *text) != NULL) {
			(void)buf_add(to, text, 1);
			continue;
		}
		code[1] = hex[(unsigned char)*text >> 4];
		code[2] = hex[(unsigned char)*text & 15];
		(void)buf_add(to, code, sizeof code);
	}
}

/* A user name is mostly an address: its @ stays readable, and the last @ of the URL is the one that counts.
 */
static void
add_user(struct buf *to, const char *user)
{
	const char *at = strchr(user, '@');
	char head[URL_MAX];

	if (at == NULL || strchr(at + 1, '@') != NULL) {
		add_encoded(to, user);
		return;
	}
	(void)snprintf(head, sizeof head, "%.*s", (int)(at - user), user);
	add_encoded(to, head);
	(void)buf_add_text(to, "@");
	add_encoded(to, at + 1);
}

void
account_name_url(struct account *account, struct arena *arena)
{
	const struct scheme *scheme = schemes;
	enum account_security security =
	    account->security == ACCOUNT_CLEAR ? ACCOUNT_STARTTLS : account->security;
	struct buf text;
	char port[8];

	while (scheme->protocol != account->protocol || scheme->security != security)
		scheme++;
	buf_init(&text, 4 * URL_MAX);
	(void)buf_add_text(&text, scheme->name);
	(void)buf_add_text(&text, "://");
	if (account->user != NULL) {
		add_user(&text, account->user);
		(void)buf_add_text(&text, "@");
	}
	(void)buf_add_text(&text, account->host);
	if (account->port != scheme->port) {
		(void)snprintf(port, sizeof port, ":%u", account->port);
		(void)buf_add_text(&text, port);
	}
	if (account->folder != NULL) {
		(void)buf_add_text(&text, "/");
		add_encoded(&text, account->folder);
	}
	(void)buf_add(&text, "", 1);
	account->url = arena_str(arena, (struct str){(const char *)text.data, text.len}).data;
	buf_free(&text);
}
