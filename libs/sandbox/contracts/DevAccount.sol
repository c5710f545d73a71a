// SPDX-License-Identifier: UNLICENSED
// The smallest smart account: one owner, ERC-1271, and a factory as ERC-6492 names them. For tests of payers that are
// contracts. Never deploy it on a public chain.
pragma solidity ^0.8.28;

contract DevAccount {
    address public owner;

    constructor(address firstOwner) {
        owner = firstOwner;
    }

    function setOwner(address next) external {
        require(msg.sender == owner, "DevAccount: caller is not the owner");
        owner = next;
    }

    /// ERC-1271: the owner's r, s, v; bytes after them are ignored, as wallets wrap signatures in their own ways.
    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        if (signature.length < 65) return 0xffffffff;
        address signer =
            ecrecover(digest, uint8(signature[64]), bytes32(signature[0:32]), bytes32(signature[32:64]));
        return signer != address(0) && signer == owner ? bytes4(0x1626ba7e) : bytes4(0xffffffff);
    }
}

contract DevAccountFactory {
    function deploy(address owner, bytes32 salt) external returns (address) {
        return address(new DevAccount{salt: salt}(owner));
    }

    function addressOf(address owner, bytes32 salt) external view returns (address) {
        bytes32 code = keccak256(abi.encodePacked(type(DevAccount).creationCode, abi.encode(owner)));
        return address(uint160(uint256(keccak256(abi.encodePacked(bytes1(0xff), address(this), salt, code)))));
    }
}

/// The one function of Multicall3 that makes an account and lets it pay in one transaction.
contract DevMulticall {
    struct Call {
        address target;
        bool allowFailure;
        bytes callData;
    }

    struct Result {
        bool success;
        bytes returnData;
    }

    function aggregate3(Call[] calldata calls) external payable returns (Result[] memory results) {
        results = new Result[](calls.length);
        for (uint256 i = 0; i < calls.length; i++) {
            (results[i].success, results[i].returnData) = calls[i].target.call(calls[i].callData);
            require(results[i].success || calls[i].allowFailure, "Multicall3: call failed");
        }
    }
}
