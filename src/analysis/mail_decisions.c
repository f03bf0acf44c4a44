/* mail_decisions: what the owner said of addresses, networks and sources, found by the address or name of a
 * row. */
#include "analysis/mailing.h"

#include "base/mem.h"

#include <arpa/inet.h>
#include <string.h>

enum { ADDRESS = 16, MAPPED = 96 /* bits before an IPv4 address */ };

struct str
mail_key(char to[MAIL_KEY], char sort, const void *bytes, size_t len)
{
	len = len < MAIL_KEY - 1 ? len : MAIL_KEY - 1;
	to[0] = sort;
	if (len > 0)
		memcpy(to + 1, bytes, len);
	return (struct str){to, len + 1};
}

static bool
read_address(unsigned char to[ADDRESS], struct str text)
{
	static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char buffer[INET6_ADDRSTRLEN];

	if (text.data == NULL || text.len >= sizeof buffer)
		return false;
	memcpy(buffer, text.data, text.len);
	buffer[text.len] = '\0';
	memcpy(to, mapped, sizeof mapped);
	return inet_pton(AF_INET, buffer, to + sizeof mapped) == 1 || inet_pton(AF_INET6, buffer, to) == 1;
}

/* "192.0.2.0/24": *bits of 128 */
static bool
read_network(unsigned char to[ADDRESS], unsigned *bits, struct str text)
{
	const char *slash = text.data == NULL ? NULL : memchr(text.data, '/', text.len);
	struct str address = {text.data, slash == NULL ? 0 : (size_t)(slash - text.data)};
	uint64_t number;
	bool is_ipv6;

	if (slash == NULL || !read_address(to, address) ||
	    !text_u64(&number, slash + 1, text.len - address.len - 1))
		return false;
	is_ipv6 = memchr(address.data, ':', address.len) != NULL;
	if (number > (is_ipv6 ? 128 : 32))
		return false;
	*bits = (unsigned)number + (is_ipv6 ? 0 : MAPPED);
	return true;
}

/* The first bits of an address with their number before them. */
static void
mask(unsigned char to[ADDRESS + 1], const unsigned char ip[ADDRESS], unsigned bits)
{
	size_t whole = bits / 8;

	memset(to, 0, ADDRESS + 1);
	to[0] = (unsigned char)bits;
	memcpy(to + 1, ip, whole);
	if (bits % 8 != 0)
		to[1 + whole] = (unsigned char)(ip[whole] & (0xff << (8 - bits % 8)));
}

static void
decide(struct mail *mail, struct str key, bool is_network, struct str text, enum mail_decision decision)
{
	size_t number = (size_t)intern_number(&mail->decided, key);

	mail->decisions = mem_room(mail->decisions, &mail->decision_cap, number - 1, sizeof *mail->decisions);
	mail->decisions[number - 1] =
	    (struct mail_decided){decision, is_network, arena_str(&mail->arena, text)};
}

void
mail_decide(struct mail *mail, const char *kind, struct str source, enum mail_decision decision)
{
	unsigned char ip[ADDRESS], net[ADDRESS + 1];
	char key[MAIL_KEY];
	unsigned bits;

	if (strcmp(kind, "address") == 0 && read_address(ip, source)) {
		decide(mail, mail_key(key, 'a', ip, ADDRESS), false, source, decision);
		mail->has_addresses = true;
	} else if (strcmp(kind, "network") == 0 && read_network(ip, &bits, source)) {
		mask(net, ip, bits);
		decide(mail, mail_key(key, 'n', net, sizeof net), bits < 8 * ADDRESS, source, decision);
		mail->bits[bits] = true;
	} else {
		decide(mail, mail_key(key, 's', source.data, source.len), false, source, decision);
	}
}

/* The number of a decision that says something; 0: there is none. */
size_t
mail_decided(const struct mail *mail, char sort, const void *bytes, size_t len)
{
	char key[MAIL_KEY];
	size_t number = mail->decided.count == 0
			    ? 0
			    : (size_t)intern_find(&mail->decided, mail_key(key, sort, bytes, len));

	return number > 0 && mail->decisions[number - 1].decision != DECISION_NONE ? number : 0;
}

/* Of the address before that of its networks, of these the smallest first. */
size_t
mail_decided_address(const struct mail *mail, const unsigned char *ip)
{
	unsigned char net[ADDRESS + 1];
	size_t number = 0;
	unsigned bits;

	if (ip == NULL || mail->decided.count == 0)
		return 0;
	if (mail->has_addresses)
		number = mail_decided(mail, 'a', ip, ADDRESS);
	for (bits = 129; bits-- > 0 && number == 0;)
		if (mail->bits[bits]) {
			mask(net, ip, bits);
			number = mail_decided(mail, 'n', net, sizeof net);
		}
	return number;
}

enum mail_decision
mail_decision_of(const struct mail *mail, size_t number)
{
	return number == 0 ? DECISION_NONE : mail->decisions[number - 1].decision;
}
