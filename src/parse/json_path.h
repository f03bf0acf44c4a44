/* json_path: where in a tree of JSON something is: "policies[0].summary". Private to this folder. */
#ifndef DMARCQ_PARSE_JSON_PATH_H
#define DMARCQ_PARSE_JSON_PATH_H

#include <stddef.h>

enum { JSON_PATH = 160 };

struct json_path {
	char text[JSON_PATH]; /* cut where it is longer */
};

/* Goes a step further in, to a member or an element; returns where the text ended before. */
size_t json_path_member(struct json_path *path, const char *name);
size_t json_path_element(struct json_path *path, size_t index);
/* Back to where it ended before. */
void json_path_out(struct json_path *path, size_t before);

#endif
