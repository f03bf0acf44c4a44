"""A certificate authority of a test's own, and servers' certificates of all kinds, made by openssl."""
import pathlib
import subprocess

KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes']
NAMES = 'DNS:localhost,IP:127.0.0.1'


def openssl(*args):
    subprocess.run(['openssl', *map(str, args)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Certificate:
    """Two PEM files."""

    def __init__(self, certificate, key):
        self.certificate, self.key = certificate, key


class Certificates:
    """Makes in a folder what a test asks for: ca_file is what a client has to trust."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.ca_file = self.authority('ca').certificate

    def files(self, name):
        return Certificate(self.folder / f'{name}.crt', self.folder / f'{name}.key')

    def authority(self, name):
        made = self.files(name)
        if not made.certificate.exists():
            openssl('req', '-x509', *KEY, '-keyout', made.key, '-out', made.certificate, '-days', 3650, '-subj',
                    f'/CN=authority {name}')
        return made

    def server(self, name, names=NAMES, days=3650, authority='ca'):
        """A certificate for these names, made once."""
        made, ca = self.files(name), self.authority(authority)
        if made.certificate.exists():
            return made
        request, extensions = self.folder / f'{name}.csr', self.folder / f'{name}.ext'
        openssl('req', *KEY, '-keyout', made.key, '-out', request, '-subj', f'/CN={name}')
        extensions.write_text(f'subjectAltName={names}\n', encoding='ascii')
        openssl('x509', '-req', '-in', request, '-CA', ca.certificate, '-CAkey', ca.key, '-days', days, '-extfile',
                extensions, '-out', made.certificate)
        return made

    def good(self):
        return self.server('good')

    def expired(self):
        return self.server('expired', days=-1)

    def wrong_name(self):
        return self.server('wrong-name', names='DNS:elsewhere.example.com')

    def unknown_authority(self):
        return self.server('unknown-authority', authority='other')
