/* ip: source addresses. */
#include "report/value.h"

#include <arpa/inet.h>
#include <string.h>

enum { TEXT_MAX = INET6_ADDRSTRLEN };

static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

enum fit
value_ip(unsigned char ip[16], struct str *out, struct str text, struct arena *arena)
{
	char copy[TEXT_MAX];

	memset(ip, 0, 16);
	*out = text;
	if (text.len == 0 || text.len >= sizeof copy)
		return FIT_NONE;
	memcpy(copy, text.data, text.len);
	copy[text.len] = '\0';
	/* inet_pton takes only the canonical form of IPv4, so the text can stay. */
	if (inet_pton(AF_INET, copy, ip + 12) == 1) {
		memcpy(ip, mapped, sizeof mapped);
		return FIT_GOOD;
	}
	if (inet_pton(AF_INET6, copy, ip) != 1) {
		memset(ip, 0, 16);
		return FIT_NONE;
	}
	if (memcmp(ip, mapped, sizeof mapped) == 0)
		(void)inet_ntop(AF_INET, ip + 12, copy, sizeof copy);
	else
		(void)inet_ntop(AF_INET6, ip, copy, sizeof copy);
	*out = arena_str(arena, str_of(copy));
	return FIT_GOOD;
}
