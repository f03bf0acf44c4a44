# The work behind embed_texts, at build time.
set(arrays "")
set(rows "")
set(n 0)
foreach(file IN LISTS FILES)
  file(RELATIVE_PATH name ${ROOT} ${file})
  file(READ ${file} hex HEX)
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
  string(REGEX REPLACE "((0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],)(0x[0-9a-f][0-9a-f],))" "\\1\n" bytes "${bytes}")
  string(APPEND arrays "static const unsigned char text_${n}[] = {\n${bytes}0};\n")
  string(APPEND rows "\t{\"${name}\", text_${n}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUTPUT} "/* Made by cmake/embed.cmake. */
#include <stddef.h>
#include <string.h>

const char *${FUNCTION}(const char *name);

${arrays}
static const struct {
	const char *name;
	const unsigned char *text;
} texts[] = {
${rows}	{NULL, NULL},
};

const char *
${FUNCTION}(const char *name)
{
	size_t i;

	for (i = 0; texts[i].name != NULL; i++)
		if (strcmp(texts[i].name, name) == 0)
			return (const char *)texts[i].text;
	return NULL;
}
")
