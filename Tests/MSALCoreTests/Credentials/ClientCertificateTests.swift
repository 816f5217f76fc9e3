// swift-msal: Microsoft authentication for server-side Swift
// SPDX-License-Identifier: Apache-2.0

import Foundation
import MSALJWT
import MSALTesting
import Testing

@testable import MSALCore

@Suite struct ClientCertificateTests {
    private let fixtures: CertificateFixtures

    init() throws {
        fixtures = try CertificateFixtures()
    }

    @Test func aCertificateSaysWhoseItIsAndFromWhenToWhen() throws {
        let certificate = try fixtures.leaf()
        #expect(certificate.subject == "CN=daemon.harbourmutual.example")
        #expect(certificate.notValidBefore == Date(timeIntervalSince1970: 1_577_836_800))
        #expect(certificate.notValidAfter == Date(timeIntervalSince1970: 4_733_510_400))
        #expect(certificate.hasPrivateKey)
        #expect(certificate.chain.count == 3)
    }

    @Test func theKeyMayBePKCS8OrPKCS1AndStandInAFileOfItsOwn() throws {
        let expected = try fixtures.leaf()
        try withTemporaryFile(try fixtures.certificate("leaf")) { certificate in
            for key in ["leaf", "leaf-pkcs1"] {
                try withTemporaryFile(try fixtures.key(key)) { keyFile in
                    let read = try ClientCertificate(pemFile: certificate, keyFile: keyFile)
                    #expect(read.sha256Thumbprint == expected.sha256Thumbprint)
                    #expect(read.privateKeyDER == expected.privateKeyDER)
                }
            }
        }
    }

    @Test(arguments: ["aes128-sha1", "aes192-sha256", "aes256-sha384", "aes256-sha512"])
    func anEncryptedKeyOpensWithItsPassphrase(_ name: String) throws {
        let pem = try fixtures.key(name, "encrypted") + fixtures.certificate("leaf")
        let read = try ClientCertificate(pem: Secret(pem), passphrase: CertificateFixtures.passphrase)
        #expect(read.privateKeyDER == (try fixtures.leaf().privateKeyDER))
        let wrong = certificateFault { try ClientCertificate(pem: Secret(pem), passphrase: Secret("Harbour-Pass-2")) }
        #expect(wrong?.message.contains("that the passphrase does not open") == true)
        let missing = certificateFault { try ClientCertificate(pem: Secret(pem)) }
        #expect(missing?.message.contains("no passphrase was given") == true)
    }

    @Test(arguments: ["des3", "pbes1", "scrypt", "procType"])
    func aKeyEncryptedInAnotherWayIsRefusedWithTheCommandThatMendsIt(_ name: String) throws {
        let pem = try fixtures.key(name, "refused") + fixtures.certificate("leaf")
        let fault = certificateFault {
            try ClientCertificate(pem: Secret(pem), passphrase: CertificateFixtures.passphrase)
        }
        #expect(fault?.kind == .misconfigured)
        #expect(fault?.code == .certificateInvalid)
        #expect(fault?.message.contains("openssl pkcs8 -topk8 -v2 aes-256-cbc") == true)
    }

    @Test(arguments: [
        ["leaf", "issuing", "root"], ["root", "issuing", "leaf"], ["issuing", "leaf", "root", "leaf"],
        ["other", "root", "leaf", "issuing"],
    ])
    func theChainIsPutInOrder(_ names: [String]) throws {
        let pem = try names.map { try fixtures.certificate($0) }.joined()
        let read = try ClientCertificate(pem: Secret(pem + fixtures.key("leaf")))
        #expect(read.chain == (try fixtures.leaf().chain))
    }

    @Test func ofTwoCertificatesWithOneKeyTheOneThatLastsLongerIsMeant() throws {
        let pem = try fixtures.certificate("expired") + fixtures.key("leaf") + fixtures.certificate("leaf")
        #expect(try ClientCertificate(pem: Secret(pem)).chain.first == fixtures.leaf().chain.first)
    }

    @Test func textAroundTheBlocksAndLinesOfWindowsAreTaken() throws {
        let plain = try fixtures.pem("leaf").reveal()
        let dressed = "\u{FEFF}Bag Attributes\r\n    friendlyName: x\r\n" + plain.replacing("\n", with: "\r\n")
        #expect(try ClientCertificate(pem: Secret(dressed)).subject == "CN=daemon.harbourmutual.example")
    }

    @Test func aKeyOfAnotherCertificateIsRefused() throws {
        let fault = try certificateFault(of: fixtures.certificate("leaf") + fixtures.key("other"))
        #expect(fault?.message.contains("do not belong together") == true)
    }

    @Test(arguments: ["ec", "ec-sec1"]) func aKeyThatIsNotRSAIsRefused(_ key: String) throws {
        let fault = try certificateFault(of: fixtures.certificate("ec") + fixtures.key(key))
        #expect(fault?.message.contains("takes RSA only") == true)
        let alone = certificateFault {
            try ClientCertificate(certificatePEM: fixtures.certificate("ec"))
        }
        #expect(alone?.message.contains("takes RSA only") == true)
    }

    @Test func aShortKeyIsRefused() throws {
        let fault = try certificateFault(of: fixtures.pem("short").reveal())
        #expect(fault?.message.contains("1024 bits") == true)
        let alone = certificateFault {
            try ClientCertificate(certificatePEM: fixtures.certificate("short"))
        }
        #expect(alone?.message.contains("shorter than 2048 bits") == true)
    }

    @Test(arguments: [
        ("", "is not PEM"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n", "is damaged"),
        ("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----", "is damaged"),
        ("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "holds no private key"),
        ("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----", "cannot be read"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nMIIB\n-----END OPENSSH PRIVATE KEY-----", "ssh-keygen -p -m PKCS8"),
    ])
    func whatIsNoCertificateIsRefused(_ text: String, _ words: String) throws {
        #expect(certificateFault(of: text)?.message.contains(words) == true)
    }

    @Test(arguments: ["MIIB", "MAA=", "BAA="]) func anEncryptedKeyThatIsNoneIsRefused(_ text: String) throws {
        let pem = "-----BEGIN ENCRYPTED PRIVATE KEY-----\n\(text)\n-----END ENCRYPTED PRIVATE KEY-----\n"
        let fault = certificateFault {
            try ClientCertificate(
                pem: Secret(pem + fixtures.certificate("leaf")),
                passphrase: CertificateFixtures.passphrase
            )
        }
        #expect(fault?.kind == .misconfigured)
        #expect(fault?.code == .certificateInvalid)
        #expect(fault?.message.contains("holds a private key that cannot be read") == true)
    }

    @Test func aKeyAloneAndADamagedCertificateAreRefused() throws {
        let key = try fixtures.key("leaf")
        #expect(certificateFault(of: key)?.message.contains("holds no certificate") == true)
        let two = try certificateFault(of: fixtures.pem("leaf").reveal() + fixtures.key("other"))
        #expect(two?.message.contains("holds 2 private keys") == true)
        let damaged = key + "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"
        #expect(certificateFault(of: damaged)?.message.contains("holds a damaged certificate") == true)
        let several = certificateFault {
            try ClientCertificate(certificatePEM: fixtures.certificate("leaf") + fixtures.certificate("other"))
        }
        #expect(several?.message.contains("do not lead to one another") == true)
    }

    @Test func aFileIsNamedInWhatIsSaidAboutIt() throws {
        let missing = certificateFault { try ClientCertificate(pemFile: "/nowhere/daemon.pem") }
        #expect(missing?.message.contains("The file '/nowhere/daemon.pem' is not there.") == true)
        let folder = NSTemporaryDirectory()
        let noFile = certificateFault { try ClientCertificate(pemFile: folder) }
        #expect(noFile?.message.contains("is a folder, or cannot be read") == true)
        try withTemporaryFile("garbage") { path in
            let fault = certificateFault { try ClientCertificate(pemFile: path) }
            #expect(fault?.message.hasPrefix("The file '\(path)' is not PEM") == true)
        }
        try withTemporaryFile(String(repeating: "x", count: 1 << 20 | 1)) { path in
            let fault = certificateFault { try ClientCertificate(pemFile: path) }
            #expect(fault?.message.contains("larger than one mebibyte") == true)
        }
    }

    @Test func truncatedAndAlteredCertificatesNeverTrap() throws {
        let der = try fixtures.leaf().chain[0]
        for length in stride(from: 0, to: der.count, by: 7) {
            _ = try? X509Certificate(derEncoded: Array(der[..<length]))
        }
        for position in der.indices {
            var altered = der
            altered[position] ^= 0xFF
            _ = try? X509Certificate(derEncoded: altered)
        }
        let key = try #require(PEMBlock.all(in: fixtures.key("aes256-sha512", "encrypted"))?.first?.bytes)
        for position in key.indices.prefix(120) {
            var altered = key
            altered[position] ^= 0xFF
            _ = try? PassphraseEncryption(derEncoded: altered)
        }
    }

    @Test func nothingOfTheKeyIsPrinted() throws {
        let certificate = try fixtures.leaf()
        var dumped = ""
        dump(certificate, to: &dumped)
        let expected =
            "certificate 'CN=daemon.harbourmutual.example' (thumbprint \(certificate.sha1Thumbprint))"
        #expect("\(certificate)" == expected)
        #expect(String(reflecting: certificate) == expected)
        #expect(dumped == "- \(expected)\n")
    }
}
