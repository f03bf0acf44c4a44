# Runs in cpack, once per kind of package. A Debian package is what `DESTDIR=... cmake --install --prefix /usr` makes; a tarball can be
# unpacked anywhere.
if(CPACK_GENERATOR STREQUAL "DEB")
  set(CPACK_SET_DESTDIR ON)
  set(CPACK_INSTALL_PREFIX /usr)
endif()
