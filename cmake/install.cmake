# What `cmake --install` puts where. Below PREFIX as everywhere; with the prefix /usr also the settings below /etc and the completion
# for zsh where Debian has it. What stands in /etc already is never overwritten.
include(GNUInstallDirs)

install(TARGETS dmarcq RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
foreach(section 1 5 7 8)
  file(GLOB pages CONFIGURE_DEPENDS docs/man/*.${section})
  install(FILES ${pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()

# For people who read the tables themselves, and the list of senders to look into.
install(DIRECTORY schema/sqlite DESTINATION ${CMAKE_INSTALL_DATADIR}/dmarcq/schema)
install(FILES src/analysis/senders.tsv DESTINATION ${CMAKE_INSTALL_DATADIR}/dmarcq)

install(FILES README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
install(DIRECTORY docs/ DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN *.md PATTERN man EXCLUDE)

install(FILES scripts/completion/dmarcq.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME dmarcq)
install(FILES scripts/completion/dmarcq.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

# systemd looks below /usr and /usr/local in a folder "lib", whatever libraries lie in.
install(FILES scripts/packaging/dmarcq-import.service scripts/packaging/dmarcq-import.timer scripts/packaging/dmarcq-mailboxes.service
  scripts/packaging/dmarcq-mailboxes.timer scripts/packaging/dmarcq-watch.service DESTINATION lib/systemd/system)
install(FILES scripts/packaging/dmarcq.sysusers DESTINATION lib/sysusers.d RENAME dmarcq.conf)

# The prefix is known when it is installed: cpack and --prefix choose another one than the configuration did.
install(CODE "
  set(source \"${CMAKE_SOURCE_DIR}\")
  set(share \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DATADIR}\")
  set(examples \"\${CMAKE_INSTALL_PREFIX}/${CMAKE_INSTALL_DOCDIR}/examples\")
  include(\"${CMAKE_SOURCE_DIR}/cmake/install_settings.cmake\")")
