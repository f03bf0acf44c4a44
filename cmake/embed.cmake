# embed_texts(FUNCTION OUTPUT ROOT FILES...): a C file with `const char *FUNCTION(const char *name)`, which gives the
# text of a file byte for byte by its name below ROOT ("query/status.sql"), or NULL.
function(embed_texts function output root)
  set(script ${CMAKE_SOURCE_DIR}/cmake/embed_run.cmake)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -DFUNCTION=${function} -DOUTPUT=${output} -DROOT=${root} "-DFILES=${ARGN}" -P ${script}
    DEPENDS ${ARGN} ${script} VERBATIM)
endfunction()
