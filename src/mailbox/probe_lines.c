/* probe_lines: reads LIST, STATUS and MYRIGHTS. A name is an atom or a quoted string; literals became quoted
 * strings before. */
#include "mailbox/probe_lines.h"

#include "base/text.h"

#include <string.h>

/* Behind a beginning, without regard to case; NULL: the line begins with something else. */
static const char *
behind(const char *line, const char *begin)
{
	size_t len = strlen(begin);

	return strlen(line) >= len && text_same_nocase(line, len, begin) ? line + len : NULL;
}

/* Takes an atom or a quoted string and the blanks behind it; NULL: there is none, or it has no room. */
static const char *
take_string(char *to, size_t size, const char *from)
{
	size_t used = 0;
	bool quoted = *from == '"';

	for (from += quoted; *from != '\0' && *from != (quoted ? '"' : ' '); from++) {
		if (quoted && *from == '\\' && from[1] != '\0')
			from++;
		if (used + 1 >= size)
			return NULL;
		to[used++] = *from;
	}
	if (quoted && *from != '"')
		return NULL;
	from += quoted;
	to[used] = '\0';
	return used == 0 && !quoted ? NULL : from + strspn(from, " ");
}

bool
lines_list(char *name, size_t size, bool *selectable, const char *line)
{
	const char *flags = behind(line, "* LIST ("), *end;
	char separator[8];

	if (flags == NULL || (end = strchr(flags, ')')) == NULL || end[1] != ' ')
		return false;
	*selectable = text_find_nocase(flags, (size_t)(end - flags), "\\Noselect") < 0 &&
		      text_find_nocase(flags, (size_t)(end - flags), "\\NonExistent") < 0;
	end = take_string(separator, sizeof separator, end + 2);
	return end != NULL && take_string(name, size, end) != NULL;
}

/* The number behind a word in "(MESSAGES 12 UNSEEN 3)". */
static bool
take_number(uint64_t *number, const char *items, const char *word)
{
	long at = text_find_nocase(items, strlen(items), word);
	const char *from;

	if (at < 0)
		return false;
	from = items + at + strlen(word);
	return text_u64(number, from, strspn(from, "0123456789"));
}

bool
lines_status(uint64_t *messages, uint64_t *unseen, const char *line)
{
	const char *items = behind(line, "* STATUS ") != NULL ? strrchr(line, '(') : NULL;

	return items != NULL && take_number(messages, items, "MESSAGES ") &&
	       take_number(unseen, items, "UNSEEN ");
}

bool
lines_rights(char *rights, size_t size, const char *line)
{
	const char *from = behind(line, "* MYRIGHTS ");
	char name[1024];

	from = from != NULL ? take_string(name, sizeof name, from) : NULL;
	return from != NULL && take_string(rights, size, from) != NULL;
}
