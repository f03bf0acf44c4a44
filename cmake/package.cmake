# What `cpack` makes: a Debian package and a tarball.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_PACKAGE_NAME dmarcq)
set(CPACK_PACKAGE_VENDOR dmarcq)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "imports DMARC reports and tells who fails and why")
set(CPACK_PACKAGE_DESCRIPTION "Receivers of mail send DMARC aggregate reports about a domain. This program imports them \
from wherever they lie, in every wrapping that there is, into an SQLite file and answers from the command line which senders fail DMARC \
and why. A timer for a nightly import is there to be enabled.")
set(CPACK_STRIP_FILES ON)
set(CPACK_RESOURCE_FILE_LICENSE ${CMAKE_SOURCE_DIR}/LICENSE)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_SOURCE_DIR}/cmake/package_run.cmake)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "dmarcq maintainers <maintainers@dmarcq.example>")
set(CPACK_DEBIAN_PACKAGE_SECTION mail)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Beside the libraries, which dpkg-shlibdeps finds: postinst makes a user.
set(CPACK_DEBIAN_PACKAGE_DEPENDS passwd)
# Whom mail servers are certified by.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
file(WRITE ${CMAKE_BINARY_DIR}/package/conffiles "/etc/dmarcq.conf\n/etc/default/dmarcq\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${CMAKE_BINARY_DIR}/package/conffiles ${CMAKE_SOURCE_DIR}/scripts/packaging/postinst
  ${CMAKE_SOURCE_DIR}/scripts/packaging/prerm ${CMAKE_SOURCE_DIR}/scripts/packaging/postrm)
include(CPack)
