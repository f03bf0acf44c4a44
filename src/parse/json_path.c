/* json_path: a text that grows and shrinks with the steps. A long name, which anyone can send, is cut. */
#include "parse/json_path.h"

#include <stdio.h>
#include <string.h>

size_t
json_path_member(struct json_path *path, const char *name)
{
	enum { NAME = 60 };
	size_t before = strlen(path->text), at = before, end;

	if (at > 0 && at + 1 < sizeof path->text)
		path->text[at++] = '.';
	for (end = at + NAME; *name != '\0' && at < end && at + 1 < sizeof path->text; name++)
		path->text[at++] = *name > ' ' && *name < 127 ? *name : '?';
	path->text[at] = '\0';
	return before;
}

size_t
json_path_element(struct json_path *path, size_t index)
{
	size_t before = strlen(path->text);

	(void)snprintf(path->text + before, sizeof path->text - before, "[%zu]", index);
	return before;
}

void
json_path_out(struct json_path *path, size_t before)
{
	path->text[before] = '\0';
}
